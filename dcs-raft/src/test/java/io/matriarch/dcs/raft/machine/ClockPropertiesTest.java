package io.matriarch.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Nobody else gets a lease before its holder has stopped to believe in it, whatever the Raft
 * leaders and the network do: leaders freeze between any two steps, lose and regain their office,
 * send ticks late; their clocks run at different rates; claims are applied long after they were
 * sent.
 */
class ClockPropertiesTest {
    private static final long TTL = 3 * Story.SECOND;
    private static final long STEP = 20_000_000L;
    private static final int LEADERS = 2;
    private static final int KINDS = 8;

    /** Each number is one step: what happens, and how far. */
    @Provide
    Arbitrary<List<Integer>> stories() {
        return Arbitraries.integers().between(0, 999).list().ofMinSize(40).ofMaxSize(400);
    }

    /** One Raft leader's clockwork, which can stand still between any two of its steps. */
    private static final class Proposer {
        final double rate;
        long reign;
        long sequence;
        long measured;
        Optional<Command.Tick> underWay = Optional.empty();
        long measuredNext;

        Proposer(double rate) {
            this.rate = rate;
        }

        long clock(long time) {
            return (long) (time * rate);
        }
    }

    private static final class World {
        final Machine machine = new Machine();
        final List<Proposer> proposers = new ArrayList<>();
        long time = Story.SECOND;
        long index;
        long sequence;
        long believedUntil;
        Optional<Request> claim = Optional.empty();
        long claimSent;
        int grantedToOther;

        World() {
            proposers.add(new Proposer(1.001));
            proposers.add(new Proposer(0.9995));
        }

        Reply apply(String process, Command command) {
            return machine.apply(++index, request(process, command)).reply();
        }

        Request request(String process, Command command) {
            return new Request(process, ++sequence, machine.now() + 20 * Story.SECOND, command);
        }

        void step(int kind, int how) {
            Proposer proposer = proposers.get(how % LEADERS);
            switch (kind) {
                case 0, 1 -> time += how * Story.SECOND / 200;
                case 2 -> begin(proposer);
                case 3 -> measure(proposer);
                case 4 -> append(proposer);
                case 5 -> send();
                case 6 -> land();
                default -> rival();
            }
        }

        private void begin(Proposer proposer) {
            proposer.reign = ++sequence;
            apply("clock", new Command.Reign(proposer.reign));
            proposer.sequence = 0;
            proposer.measured = proposer.clock(time);
            proposer.underWay = Optional.empty();
        }

        private void measure(Proposer proposer) {
            if (proposer.reign != 0 && proposer.underWay.isEmpty()) {
                proposer.measuredNext = proposer.clock(time);
                proposer.underWay =
                        Optional.of(
                                new Command.Tick(
                                        proposer.reign,
                                        ++proposer.sequence,
                                        proposer.measuredNext - proposer.measured));
            }
        }

        private void append(Proposer proposer) {
            proposer.underWay.ifPresent(tick -> apply("clock", tick));
            if (proposer.underWay.isPresent()) {
                proposer.measured = proposer.measuredNext;
                proposer.underWay = Optional.empty();
            }
        }

        private void send() {
            if (claim.isEmpty()) {
                claim =
                        Optional.of(
                                request(
                                        "holder",
                                        new Command.Claim(
                                                Story.PATH,
                                                "a",
                                                TTL,
                                                Optional.empty(),
                                                Optional.empty())));
                claimSent = time;
            }
        }

        private void land() {
            claim.ifPresent(
                    request -> {
                        if (machine.apply(++index, request).reply() instanceof Reply.Granted) {
                            // The holder's clock is the slowest that is allowed for.
                            long believed = (long) (TTL * 1.0005);
                            believedUntil = Math.max(believedUntil, claimSent + believed);
                        }
                    });
            claim = Optional.empty();
        }

        private void rival() {
            Command.Claim rival =
                    new Command.Claim(Story.PATH, "b", TTL, Optional.empty(), Optional.empty());
            if (apply("rival", rival) instanceof Reply.Granted) {
                grantedToOther++;
                assertThat(time).as("granted to another").isGreaterThanOrEqualTo(believedUntil);
                apply("rival", new Command.Release(Story.PATH, "b", Optional.empty()));
            }
        }
    }

    /**
     * Whatever happened before, a claim is sent and lands, and from then on a leader ticks as fast
     * as its clock allows while the rival tries after each tick. A tick that was measured before is
     * still under way if the story left one.
     */
    @Property(tries = 1000)
    void nobodyElseGetsALeaseThatIsStillBelieved(@ForAll("stories") List<Integer> story) {
        World world = new World();
        story.forEach(number -> world.step(number % KINDS, number / KINDS));
        world.claim = Optional.empty();
        world.send();
        world.land();
        Proposer leader =
                world.proposers.stream()
                        .filter(proposer -> proposer.reign == world.machine.clock.reign())
                        .findFirst()
                        .orElse(world.proposers.get(0));
        if (leader.reign == 0) {
            world.begin(leader);
        }
        long end = world.time + 2 * TTL;
        while (world.time < end) {
            world.append(leader);
            world.rival();
            world.measure(leader);
            world.append(leader);
            world.rival();
            world.time += STEP;
        }
    }

    /** The property above would hold for a clock that stands. */
    @Property(tries = 50)
    void aLeaderThatWorksEndsAbandonedLeasesInTime(@ForAll("stories") List<Integer> story) {
        World world = new World();
        story.forEach(number -> world.step(number % KINDS, number / KINDS));
        world.claim = Optional.empty();
        world.send();
        world.land();
        int before = world.grantedToOther;
        long start = world.time;
        Proposer leader = world.proposers.get(0);
        world.begin(leader);
        long bound = TTL + TTL / 100 + Clock.MARGIN.plus(Clock.PERIOD.multipliedBy(2)).toNanos();
        while (world.time - start < bound) {
            world.time += Clock.PERIOD.toNanos();
            world.measure(leader);
            world.append(leader);
        }
        world.rival();
        assertThat(world.grantedToOther).isGreaterThan(before);
    }
}
