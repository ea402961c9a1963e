package io.matriarch.dcs.etcd;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds endpoints by the SRV records that etcd's own tools use. Blocks on DNS. */
final class SrvLookup {
    private static final Logger LOG = LoggerFactory.getLogger(SrvLookup.class);

    /** In the order in which they are tried; the first that has records wins. */
    private static final List<String> SERVICES =
            List.of(
                    "_etcd-client-ssl",
                    "_etcd-client",
                    "_etcd-ssl",
                    "_etcd",
                    "_etcd-server-ssl",
                    "_etcd-server");

    private SrvLookup() {}

    static List<String> names(String domain, Optional<String> suffix) {
        String tail = suffix.map(s -> "-" + s).orElse("") + "._tcp." + domain;
        return SERVICES.stream().map(service -> service + tail).toList();
    }

    /** Empty if there is no record, or if the name servers do not answer. */
    static List<Endpoint> endpoints(String domain, Optional<String> suffix) {
        try {
            for (String name : names(domain, suffix)) {
                List<String> records = records(name);
                if (!records.isEmpty()) {
                    boolean peers = name.startsWith("_etcd-server");
                    boolean tls = name.split("\\.", 2)[0].contains("-ssl");
                    List<Endpoint> found = records.stream().map(r -> endpoint(r, tls)).toList();
                    return peers ? PeerMembers.clientEndpoints(found) : found;
                }
            }
            LOG.warn("no SRV record of etcd in {}", domain);
        } catch (CommunicationException e) {
            // Who does not answer for one name will not for the next: the watch waits for us.
            LOG.warn("no name server answers for {}: {}", domain, e.toString());
        }
        return List.of();
    }

    /** {@code priority weight port target.}, as DNS gives it. */
    static Endpoint endpoint(String record, boolean tls) {
        String[] fields = record.trim().split("\\s+");
        String host =
                fields[3].endsWith(".")
                        ? fields[3].substring(0, fields[3].length() - 1)
                        : fields[3];
        return new Endpoint(tls, host, Integer.parseInt(fields[2]));
    }

    private static List<String> records(String name) throws CommunicationException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", "1000");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
        List<String> records = new ArrayList<>();
        try {
            DirContext dns = new InitialDirContext(environment);
            try {
                Attribute srv = dns.getAttributes(name, new String[] {"SRV"}).get("SRV");
                NamingEnumeration<?> all = srv == null ? null : srv.getAll();
                while (all != null && all.hasMore()) {
                    records.add(all.next().toString());
                }
            } finally {
                dns.close();
            }
        } catch (CommunicationException e) {
            throw e;
        } catch (NamingException e) {
            LOG.debug("no SRV record {}: {}", name, e.toString());
        }
        return records;
    }
}
