package io.matriarch.demo;

import java.nio.file.Path;

/** The configuration files of the demo, as an operator would write them. */
final class MemberFile {
    /** Short, so that a lost member is replaced soon; still within what the peer allows. */
    static final int TTL_SECONDS = 20;

    static final int LOOP_WAIT_SECONDS = 5;
    static final int RETRY_TIMEOUT_SECONDS = 5;
    static final String SCOPE = "demo";
    static final String NAMESPACE = "/matriarch-demo/";

    private MemberFile() {}

    static String of(Member member, Path scratch, Path postgresBinaries, String password) {
        return """
               scope: %s
               namespace: %s
               name: %s
               restapi:
                 listen: 127.0.0.1:%d
                 connect_address: 127.0.0.1:%d
               etcd3:
                 hosts: 127.0.0.1:%d
                 use_proxies: true
               bootstrap:
                 dcs:
                   ttl: %d
                   loop_wait: %d
                   retry_timeout: %d
                   maximum_lag_on_failover: 1048576
                   postgresql:
                     use_pg_rewind: true
                     parameters:
                       max_connections: 50
                       shared_buffers: 32MB
                       wal_keep_size: 128MB
                 initdb:
                   - encoding: UTF8
                   - data-checksums
                 pg_hba:
                   - local all all md5
                   - host replication replicator 127.0.0.1/32 md5
                   - host all all 127.0.0.1/32 md5
               postgresql:
                 listen: 127.0.0.1:%d
                 connect_address: 127.0.0.1:%d
                 data_dir: %s
                 bin_dir: %s
                 pgpass: %s
                 authentication:
                   superuser: {username: postgres, password: %s}
                   replication: {username: replicator, password: %s}
                   rewind: {username: rewind_user, password: %s}
                 parameters:
                   unix_socket_directories: ''
               tags: {nofailover: false, noloadbalance: false, clonefrom: false, nosync: false}
               """
                .formatted(
                        SCOPE,
                        NAMESPACE,
                        member.name(),
                        member.restPort(),
                        member.publicRestPort(),
                        member.etcdPort(),
                        TTL_SECONDS,
                        LOOP_WAIT_SECONDS,
                        RETRY_TIMEOUT_SECONDS,
                        member.postgresPort(),
                        member.publicPostgresPort(),
                        scratch.resolve(member.name()),
                        postgresBinaries,
                        scratch.resolve(member.name() + ".pgpass"),
                        password,
                        password,
                        password);
    }

    /** What {@code matriarchctl} needs; holds no secret. */
    static String ofTool(int etcdPort) {
        return """
               scope: %s
               namespace: %s
               etcd3:
                 hosts: 127.0.0.1:%d
               """
                .formatted(SCOPE, NAMESPACE, etcdPort);
    }
}
