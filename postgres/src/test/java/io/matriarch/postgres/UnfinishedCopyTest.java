package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.ActionResult;
import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed while it fills its data directory, and started again. */
@Tag("real")
class UnfinishedCopyTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path base;

    @Test
    void aCopyThatWasNeverFinishedIsMadeAgain() throws Exception {
        try (Node a = new Node(base, "a")) {
            List<String> options = sourceWithTablespace(a);
            killedWhileCopying("b", a, options, "base");
            try (Node b = new Node(base, "b")) {
                List<ServerProcess> copiers = copiers(b.data());
                assertThat(copiers).as("pg_basebackup outlives the daemon").isNotEmpty();
                LocalState left = b.observe();
                assertThat(left.dataDirectory()).isEqualTo(LocalState.DataDirectory.EMPTY);
                assertThat(left.systemId()).isEmpty();
                assertThat(left.role()).isEqualTo(Role.UNINITIALIZED);
                assertThat(b.data().resolve("base")).as("nothing is removed by a look").exists();

                b.useSlots = false;
                b.copyOptions = options;
                reopen(b);
                b.mustRun(new PostgresAction.Clone(a.member(Role.PRIMARY), true, a.upstream()));
                assertThat(copiers).noneMatch(ServerProcess::alive);
                await().atMost(LIMIT).until(() -> b.sql("SELECT count(*) FROM t").equals("9"));
                assertThat(b.data().resolve("pg_wal").toRealPath()).isEqualTo(wal("b"));
                assertThat(marks(b)).isEmpty();
                assertThat(b.observe().dataDirectory()).isEqualTo(LocalState.DataDirectory.PRESENT);
            }
        }
    }

    @Test
    void otherDataInItsPlaceAreNotRemoved() throws Exception {
        try (Node a = new Node(base, "a")) {
            List<String> options = sourceWithTablespace(a);
            killedWhileCopying("b", a, options, "base");
            try (Node b = new Node(base, "b")) {
                copiers(b.data()).forEach(ServerProcess::kill);
                await().atMost(LIMIT).until(() -> copiers(b.data()).isEmpty());
                // An operator restores a copy of his own to the same place.
                Files.move(b.data(), b.home.resolve("aside"));
                Files.createDirectory(b.data());
                Files.writeString(b.data().resolve("PG_VERSION"), "15\n");
                assertThat(b.observe().dataDirectory()).isEqualTo(LocalState.DataDirectory.PRESENT);
                assertThat(b.run(clone(a))).isInstanceOf(ActionResult.Failed.class);
                assertThat(b.data().resolve("PG_VERSION")).exists();
                assertThat(b.home.resolve("data.unfinished")).exists();
            }
        }
    }

    @Test
    void aTokenOfTheSourceIsNoTokenOfTheCopy() throws Exception {
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            a.mustRun(new PostgresAction.Bootstrap());
            assertThat(marks(a)).isEmpty();
            Files.writeString(a.data().resolve(DataDirectory.TOKEN + "of-a"), "");
            b.useSlots = false;
            reopen(b);
            b.mustRun(clone(a));
            assertThat(marks(b)).isEmpty();
            assertThat(b.observe().dataDirectory()).isEqualTo(LocalState.DataDirectory.PRESENT);
        }
    }

    @Test
    void aBootstrapThatDiedInInitdbIsBegunAgain() throws Exception {
        Process doomed = DoomedMember.bootstraps(own(base), "a", "");
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> hasToken("a"));
        killed(doomed);
        begunAgain();
    }

    @Test
    void aBootstrapThatDiedBeforeItsRolesWereMadeIsBegunAgain() throws Exception {
        Process doomed = DoomedMember.bootstraps(own(base), "a", "sleep 60");
        Path output = base.resolve("a/server.log");
        await().atMost(LIMIT)
                .until(
                        () ->
                                Files.exists(output)
                                        && Files.readString(output).contains("ready to accept"));
        killed(doomed);
        try (Node a = new Node(base, "a")) {
            LocalState running = a.observe();
            assertThat(running.postmasterAlive()).isTrue();
            assertThat(running.dataDirectory())
                    .as("of a running server nothing is removed")
                    .isEqualTo(LocalState.DataDirectory.PRESENT);
            assertThat(a.run(new PostgresAction.Bootstrap()))
                    .isInstanceOf(ActionResult.Failed.class);
            a.mustRun(new PostgresAction.Stop(StopMode.KILL, false, Optional.empty(), "stopping"));
        }
        begunAgain();
    }

    private void begunAgain() throws Exception {
        try (Node a = new Node(base, "a")) {
            assertThat(a.observe().dataDirectory()).isEqualTo(LocalState.DataDirectory.EMPTY);
            a.mustRun(new PostgresAction.Bootstrap());
            assertThat(a.observe().takesWrites()).isTrue();
            assertThat(marks(a)).isEmpty();
            a.sql("SELECT 'replicator'::regrole");
        }
    }

    /** A primary with a tablespace, and the options for a slow copy beside it. */
    private List<String> sourceWithTablespace(Node a) throws Exception {
        a.mustRun(new PostgresAction.Bootstrap());
        Path ofA = own(Files.createDirectory(a.home.resolve("space")));
        own(Files.createDirectories(base.resolve("b")));
        Path ofB = own(Files.createDirectory(base.resolve("b/space")));
        a.sql("CREATE TABLESPACE far LOCATION '" + ofA + "'");
        a.sql("CREATE TABLE t TABLESPACE far AS SELECT generate_series(1, 9)");
        return List.of(
                "--checkpoint=fast",
                "--no-sync",
                "--max-rate=8M",
                "--waldir=" + wal("b"),
                "--tablespace-mapping=" + ofA + "=" + ofB);
    }

    private Path wal(String name) {
        return base.resolve(name).resolve("wal");
    }

    private void killedWhileCopying(String name, Node source, List<String> options, String until)
            throws Exception {
        Process doomed = DoomedMember.copies(base, name, source, options);
        Path reached = base.resolve(name).resolve("data").resolve(until);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.exists(reached) && hasToken(name));
        killed(doomed);
    }

    private static void killed(Process doomed) throws InterruptedException {
        doomed.destroyForcibly().waitFor();
    }

    private boolean hasToken(String name) throws IOException {
        Path data = base.resolve(name).resolve("data");
        if (!Files.isDirectory(data)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(data)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .anyMatch(
                            file ->
                                    file.startsWith(DataDirectory.TOKEN)
                                            && !file.endsWith(".new")); // being written
        }
    }

    /** Both halves of a mark. */
    private static List<Path> marks(Node node) throws IOException {
        try (Stream<Path> beside = Files.list(node.home);
                Stream<Path> inside = Files.list(node.data())) {
            return Stream.concat(beside, inside)
                    .filter(path -> path.getFileName().toString().contains("unfinished"))
                    .toList();
        }
    }

    private static List<ServerProcess> copiers(Path data) {
        return ProcFs.all().stream()
                .filter(pid -> ProcFs.title(pid).contains("--pgdata=" + data))
                .flatMap(pid -> ServerProcess.of(pid).stream())
                .toList();
    }

    private static PostgresAction clone(Node source) {
        return new PostgresAction.Clone(source.member(Role.PRIMARY), true, source.upstream());
    }

    private static Path own(Path directory) throws IOException {
        if (!Node.PREFIX.isEmpty()) {
            Files.setOwner(
                    directory,
                    directory
                            .getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("postgres"));
        }
        return directory;
    }

    private static void reopen(Node node) {
        node.postgres.close();
        node.open();
    }
}
