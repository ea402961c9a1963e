package io.matriarch.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.dcs.raft.machine.Command.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any log. */
class MachinePropertiesTest {
    private static final String PATH = "/service/batman";

    @Provide
    Arbitrary<List<Request>> logs() {
        Arbitrary<String> names = Arbitraries.of("a", "b");
        Arbitrary<Command> commands =
                Arbitraries.oneOf(
                        names.map(
                                name ->
                                        new Command.Claim(
                                                PATH,
                                                name,
                                                Story.SECOND,
                                                Optional.of(name),
                                                Optional.empty())),
                        names.map(name -> new Command.Release(PATH, name, Optional.of("x"))),
                        names.map(name -> new Command.Touch(PATH, name, Story.SECOND, "{}")),
                        Arbitraries.longs()
                                .between(0, 40)
                                .map(
                                        version ->
                                                new Command.Put(
                                                        PATH,
                                                        "config",
                                                        Optional.of("c" + version),
                                                        new Condition.Unchanged(version))),
                        Arbitraries.of(
                                new Command.Put(
                                        PATH, "config", Optional.of("n"), new Condition.Absent()),
                                new Command.Put(
                                        PATH, "config", Optional.empty(), new Condition.Always()),
                                new Command.Purge("/service"),
                                new Command.Read(PATH),
                                new Command.Reign(1),
                                new Command.EndSession(3)),
                        Arbitraries.longs()
                                .between(1, 12)
                                .map(
                                        sequence ->
                                                new Command.Tick(
                                                        1, sequence, Clock.LONGEST.toNanos())));
        return Combinators.combine(
                        Arbitraries.of("p1", "p2", "p3"),
                        Arbitraries.longs().between(1, 30),
                        Arbitraries.longs().between(0, 3 * Story.SECOND),
                        commands)
                .as(Request::new)
                .list()
                .ofMaxSize(60);
    }

    private static List<Machine.Applied> apply(Machine machine, List<Request> log, long first) {
        List<Machine.Applied> results = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            results.add(machine.apply(first + i, log.get(i)));
        }
        return results;
    }

    @Property(tries = 300)
    void aMemberThatStartsFromASnapshotSeesAndSaysTheSame(
            @ForAll("logs") List<Request> before, @ForAll("logs") List<Request> after) {
        Machine whole = new Machine();
        apply(whole, before, 1);
        Machine restored = SnapshotCodec.decode(SnapshotCodec.encode(whole));
        List<Machine.Applied> expected = apply(whole, after, 100);
        assertThat(apply(restored, after, 100)).isEqualTo(expected);
        assertThat(SnapshotCodec.encode(restored)).isEqualTo(SnapshotCodec.encode(whole));
    }

    @Property(tries = 300)
    void requestsAndRepliesSurviveTheirBytes(@ForAll("logs") List<Request> log) {
        Machine machine = new Machine();
        for (int i = 0; i < log.size(); i++) {
            assertThat(RequestCodec.decode(RequestCodec.encode(log.get(i)))).isEqualTo(log.get(i));
            Reply reply = machine.apply(i + 1, log.get(i)).reply();
            assertThat(ReplyCodec.decode(ReplyCodec.encode(reply))).isEqualTo(reply);
        }
    }

    @Property(tries = 300)
    void whatIsAppliedAgainChangesNothing(@ForAll("logs") List<Request> log) {
        Machine once = new Machine();
        Machine twice = new Machine();
        for (int i = 0; i < log.size(); i++) {
            Request request = log.get(i);
            assertThat(twice.apply(2L * i + 1, request).reply())
                    .isEqualTo(once.apply(2L * i + 1, request).reply());
            if (!(request.command() instanceof Command.Reign)) {
                assertThat(twice.apply(2L * i + 2, request).changes()).isEmpty();
            }
        }
    }

    @Property(tries = 300)
    void aLeaderRecordAlwaysHasASeatAndASessionThatOutlivesIt(@ForAll("logs") List<Request> log) {
        Machine machine = new Machine();
        for (int i = 0; i < log.size(); i++) {
            machine.apply(i + 1, log.get(i));
            for (ScopeState scope : machine.scopes.values()) {
                assertThat(scope.seat.isPresent()).isEqualTo(scope.leader().isPresent());
                scope.seat.ifPresent(
                        seat -> assertThat(seat.expiresAt()).isGreaterThan(machine.now()));
            }
        }
    }
}
