/**
 * The backend for Consul.
 *
 * <p>Keys, values and sessions are those of the peer ({@code service/batman/leader} and so on), so
 * that members of both products share a scope. From the outside in: {@link
 * io.matriarch.dcs.consul.ConsulProvider} opens, {@code ConsulDcs} keeps the contract, {@code
 * LeaderRecord}, {@code MemberRecord} and {@code Entries} hold one operation each, {@code
 * KeyValues} speaks of keys, {@code Calls} spends a deadline, {@code Agent} makes one request to
 * the local agent.
 */
package io.matriarch.dcs.consul;
