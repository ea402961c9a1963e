package io.matriarch.engine.decide;

import static io.matriarch.engine.decide.Rule.rule;

import io.matriarch.engine.decide.Rule.Move;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.Upstream;
import java.util.List;

/** 5xx: what the operator asked of this member. */
final class OrderRules {
    private OrderRules() {}

    static final List<Rule> REINITIALIZE =
            List.of(
                    rule(
                            381,
                            "there is nobody to copy from",
                            s ->
                                    s.ordered(Order.Reinitialize.class)
                                            && (s.unlocked() || noSource(s)),
                            s -> refuse(s, "Cluster has no leader, can not reinitialize")),
                    rule(
                            383,
                            "the leader's data is the cluster's data",
                            s -> s.ordered(Order.Reinitialize.class) && s.named(),
                            s -> refuse(s, "I am the leader, can not reinitialize")),
                    rule(
                            384,
                            "the leader of another cluster is no source",
                            s -> s.ordered(Order.Reinitialize.class) && s.primary() && !s.paused(),
                            s -> refuse(s, "I am running as primary, can not reinitialize")),
                    rule(
                            385,
                            "the operator wants this member copied again",
                            s -> s.ordered(Order.Reinitialize.class),
                            OrderRules::reinitialize));

    static final List<Rule> RESTART =
            List.of(
                    rule(
                            501,
                            "the operator wants PostgreSQL restarted",
                            s -> s.ordered(Order.Restart.class) && mayRestart(s),
                            OrderRules::restart),
                    rule(
                            503,
                            "a restart must not bring up a primary without a lease",
                            s -> s.ordered(Order.Restart.class),
                            s ->
                                    refuse(
                                            s,
                                            "postgres would start as primary without the leader lock")));

    /** What needs no store does not wait for it; what needs one is refused, not forgotten. */
    static final List<Rule> WITHOUT_STORE =
            List.of(
                    rule(
                            341,
                            "an operator's restart does not wait for the store",
                            s ->
                                    s.view().isEmpty()
                                            && s.ordered(Order.Restart.class)
                                            && mayRestart(s),
                            OrderRules::restart),
                    rule(
                            343,
                            "an operator's order that needs the store is refused while it is silent",
                            s ->
                                    s.view().isEmpty()
                                            && (s.ordered(Order.Restart.class)
                                                    || s.ordered(Order.Reinitialize.class)),
                            s -> refuse(s, "DCS is not accessible")));

    /** Also in maintenance mode a primary needs its lease, unless it runs without one already. */
    private static boolean mayRestart(Situation s) {
        return s.leading() || s.local().standbyConfigured() || (s.paused() && s.primary());
    }

    private static Move restart(Situation s) {
        Order.Restart order = (Order.Restart) s.order().orElseThrow();
        return Move.say(s, "restart initiated")
                .then(
                        new Effect.Start(
                                new PostgresAction.Restart(
                                        order.timeout().orElse(s.startTimeout()))));
    }

    private static boolean noSource(Situation s) {
        return s.leaderMember().flatMap(Member::connUrl).isEmpty();
    }

    private static Move refuse(Situation s, String why) {
        return Move.say(s, why).then(new Effect.RefuseOrder(503, why));
    }

    private static Move reinitialize(Situation s) {
        Member leader = s.leaderMember().orElseThrow();
        boolean fromLeader = ((Order.Reinitialize) s.order().orElseThrow()).fromLeader();
        Member source = fromLeader ? leader : DataRules.cloneSource(s, leader);
        return Move.say(s, "reinitialize started")
                .then(
                        new Effect.Start(
                                new PostgresAction.Reinitialize(
                                        source,
                                        fromLeader,
                                        new Upstream(leader.name(), leader.connUrl().orElseThrow()),
                                        "reinitialize")));
    }
}
