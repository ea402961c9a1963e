package io.matriarch.lab;

import java.nio.file.Path;

/** The configuration files of the demo, as an operator would write them. */
public final class MemberFile {
    public static final String SCOPE = "demo";
    public static final String NAMESPACE = "/matriarch-demo/";

    /** Where the members' leader record is. */
    public static final String LEADER_KEY = NAMESPACE + SCOPE + "/leader";

    private MemberFile() {}

    /**
     * The file of a member.
     *
     * @param store the section of the store
     */
    public static String of(
            LabPlan plan,
            LabMember member,
            String store,
            Path scratch,
            Path postgresBinaries,
            String password) {
        return """
               scope: %s
               namespace: %s
               name: %s
               restapi:
                 listen: 127.0.0.1:%d
                 connect_address: 127.0.0.1:%d
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
                        plan.ttl(),
                        plan.loopWait(),
                        plan.retryTimeout(),
                        member.postgresPort(),
                        member.publicPostgresPort(),
                        scratch.resolve(member.name()),
                        postgresBinaries,
                        scratch.resolve(member.name() + ".pgpass"),
                        password,
                        password,
                        password)
                .concat(store);
    }

    /** What {@code matriarchctl} needs. */
    static String ofTool(String store) {
        return """
               scope: %s
               namespace: %s
               """
                .formatted(SCOPE, NAMESPACE)
                .concat(store);
    }
}
