package io.matriarch.dcs.consul;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;

/** The keys of one scope. In Consul they have no leading slash. */
final class Keys {
    private final String folder;

    Keys(Scope scope) {
        // With the slash at the end "batman" does not match "batman2".
        this.folder = scope.path().substring(1) + "/";
    }

    /** What all keys of the scope begin with. */
    String folder() {
        return folder;
    }

    String of(EntryKind kind) {
        return folder + kind.key();
    }

    String member(String name) {
        return folder + EntryKind.MEMBER.key() + name;
    }

    /** The part below the scope's path. */
    String relative(String key) {
        return key.substring(folder.length());
    }
}
