package io.matriarch.cli;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Role;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words of {@code --role}. All but {@link #ANY} turn on who holds the lease. */
enum RoleFilter {
    LEADER("leader"),
    PRIMARY("primary"),
    STANDBY_LEADER("standby-leader"),
    REPLICA("replica"),
    STANDBY("standby"),
    ANY("any");

    static final String WORDS = "leader|primary|standby-leader|replica|standby|any";

    private final String word;

    RoleFilter(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean accepts(Member member, ClusterView view) {
        boolean leads = view.isLeader(member.name());
        return switch (this) {
            case ANY -> true;
            case LEADER -> leads;
            case PRIMARY ->
                    leads && !member.role().equals(java.util.Optional.of(Role.STANDBY_LEADER));
            case STANDBY_LEADER ->
                    leads && !member.role().equals(java.util.Optional.of(Role.PRIMARY));
            case REPLICA, STANDBY -> !leads;
        };
    }

    List<Member> select(ClusterView view) {
        return view.members().values().stream().filter(member -> accepts(member, view)).toList();
    }

    /** {@code master} is the old word for the primary. */
    static final class Word implements ITypeConverter<RoleFilter> {
        @Override
        public RoleFilter convert(String text) {
            String word = text.toLowerCase(Locale.ROOT);
            for (RoleFilter filter : values()) {
                if (filter.word.equals(word)) {
                    return filter;
                }
            }
            if (word.equals("master")) {
                return PRIMARY;
            }
            throw new TypeConversionException(
                    "'" + text + "' is not one of '" + WORDS.replace("|", "', '") + "'.");
        }
    }
}
