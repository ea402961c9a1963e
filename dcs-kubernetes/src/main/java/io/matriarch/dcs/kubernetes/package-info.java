/**
 * The backend for Kubernetes: entries are annotations of ConfigMaps or Endpoints, members are
 * annotations of Pods.
 *
 * <p>Objects, annotations and labels are those of the peer, so that members of both products share
 * a scope. From the outside in: {@link io.matriarch.dcs.kubernetes.KubernetesProvider} opens,
 * {@code KubernetesDcs} keeps the contract, {@code LeaderObject}, {@code MemberPod} and {@code
 * Entries} hold one operation each, {@code Observation} times the lease, {@code Layout} knows the
 * annotations, {@code Calls} spends a deadline over the API servers, {@code Wire} owns the client
 * library.
 */
package io.matriarch.dcs.kubernetes;
