package io.matriarch.lab;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The servers' programs on this machine.
 *
 * @param postgres folder of initdb, postgres and their kin
 * @param etcd the etcd server
 */
public record Binaries(Path postgres, Path etcd) {
    private static final int NEWEST = 18;
    private static final int OLDEST = 12;

    public static Binaries find() throws LabException {
        Path postgres =
                postgresFolders()
                        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
                        .filter(folder -> Files.isExecutable(folder.resolve("pg_rewind")))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new LabException(
                                                "no PostgreSQL "
                                                        + OLDEST
                                                        + " to "
                                                        + NEWEST
                                                        + " found; install a server package such"
                                                        + " as postgresql-15"));
        Path etcd =
                onPath("etcd")
                        .orElseThrow(
                                () ->
                                        new LabException(
                                                "no etcd found; install a package such as"
                                                        + " etcd-server"));
        return new Binaries(postgres, etcd);
    }

    /**
     * The command of a store that is one etcd, on what lies in the directory of data.
     *
     * @param client the URL for clients
     * @param peer the URL for other servers, of which there are none
     */
    public List<String> etcdCommand(Path data, String client, String peer) {
        return List.of(
                etcd.toString(),
                "--name",
                "demo",
                "--data-dir",
                data.toString(),
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                "demo=" + peer);
    }

    private static Stream<Path> postgresFolders() {
        Stream<Path> packaged =
                IntStream.iterate(NEWEST, version -> version >= OLDEST, version -> version - 1)
                        .boxed()
                        .flatMap(
                                version ->
                                        Stream.of(
                                                Path.of("/usr/lib/postgresql/" + version + "/bin"),
                                                Path.of("/usr/pgsql-" + version + "/bin")));
        return Stream.concat(packaged, onPath("initdb").map(Path::getParent).stream());
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
