package io.matriarch.conformance.history;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import java.util.List;
import java.util.Optional;

/**
 * What a write asks for.
 *
 * @param text unique within the history; empty for a deletion
 */
public record Change(EntryKind kind, Optional<String> text, Guard guard) {
    /** The entries that histories write; each is a register of its own. */
    static final List<EntryKind> KINDS = List.of(EntryKind.CONFIG, EntryKind.SYNC);

    static EntryKind kind(int choice) {
        return KINDS.get(choice % KINDS.size());
    }

    /** One write in four is made whatever is there. */
    static boolean blind(int choice) {
        return choice / KINDS.size() % 4 == 3;
    }

    static String describe(int choice) {
        return kind(choice).key() + (blind(choice) ? " blindly" : "");
    }

    @Override
    public String toString() {
        String condition =
                guard instanceof Guard.Unchanged unchanged
                        ? " if version " + unchanged.version()
                        : guard instanceof Guard.Absent ? " if absent" : "";
        return kind.key() + text.map(" = "::concat).orElse("") + condition;
    }
}
