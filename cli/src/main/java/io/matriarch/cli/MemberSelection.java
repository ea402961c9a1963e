package io.matriarch.cli;

import io.matriarch.engine.model.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which members a command is for, as the operator sees it: the table first, then names or roles,
 * then one question.
 */
final class MemberSelection {
    private final Console console;
    private final ClusterPicture picture;
    private final boolean force;

    MemberSelection(Console console, ClusterPicture picture, boolean force) {
        this.console = console;
        this.picture = picture;
        this.force = force;
    }

    /** Members of a role, all of them unless some are named; in the store's order. */
    List<Member> select(List<String> names, RoleFilter role) {
        List<Member> members = show(names, role);
        return names.isEmpty() ? members : named(members, names, "'" + role.word() + "'");
    }

    /** Replicas to be made anew: without a name the operator is asked for one. */
    List<Member> selectForReinit(List<String> names) {
        List<Member> replicas = show(names, RoleFilter.REPLICA);
        if (!names.isEmpty()) {
            return named(replicas, names, "replica");
        }
        if (force) {
            return List.of();
        }
        List<String> offered = new ArrayList<>(replicas.stream().map(Member::name).toList());
        Collections.sort(offered);
        String name =
                console.prompt(
                        "Which member do you want to reinitialize ["
                                + String.join(", ", offered)
                                + "]?",
                        "");
        return named(replicas, List.of(name), "replica");
    }

    private List<Member> show(List<String> names, RoleFilter role) {
        List<Member> members = role.select(picture.view());
        if (members.isEmpty() && names.isEmpty()) {
            throw new CtlError(picture.cluster() + " cluster doesn't have any members");
        }
        new MemberListing(picture).print(console, Format.PRETTY, false);
        return members;
    }

    private static List<Member> named(List<Member> members, List<String> names, String what) {
        List<Member> named = members.stream().filter(m -> names.contains(m.name())).toList();
        if (named.isEmpty()) {
            throw new CtlError("No " + what + " among provided members");
        }
        return named;
    }

    void confirm(String action, List<Member> members) {
        ask("Are you sure you want to " + action + " members " + names(members) + "?", action);
    }

    /**
     * @param action for the message if the answer is no
     */
    void ask(String question, String action) {
        if (!force && !console.confirm(question)) {
            throw new CtlError("Aborted " + action);
        }
    }

    static String names(List<Member> members) {
        return members.stream().map(Member::name).collect(Collectors.joining(", "));
    }
}
