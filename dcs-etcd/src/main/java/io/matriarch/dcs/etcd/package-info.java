/**
 * The backend for etcd v3.
 *
 * <p>Keys, values and leases are those of the peer ({@code /service/batman/leader} and so on), so
 * that members of both products share a scope. From the outside in: {@link
 * io.matriarch.dcs.etcd.EtcdProvider} opens, {@code EtcdDcs} keeps the contract, {@code
 * LeaderRecord}, {@code MemberRecord} and {@code Entries} hold one operation each, {@code Calls}
 * spends a deadline over the endpoints, {@code Connections} owns one client per endpoint.
 */
package io.matriarch.dcs.etcd;
