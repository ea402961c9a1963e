package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The keys of one scope. */
final class Keys {
    private final String folder;

    Keys(Scope scope) {
        // With the slash at the end "batman" does not match "batman2".
        this.folder = scope.path() + "/";
    }

    ByteSequence prefix() {
        return Connections.bytes(folder);
    }

    String folder() {
        return folder;
    }

    String path() {
        return folder.substring(0, folder.length() - 1);
    }

    ByteSequence of(EntryKind kind) {
        return Connections.bytes(folder + kind.key());
    }

    ByteSequence member(String name) {
        return Connections.bytes(folder + EntryKind.MEMBER.key() + name);
    }

    /** The part below the scope's path. */
    String relative(ByteSequence key) {
        return key.toString(StandardCharsets.UTF_8).substring(folder.length());
    }

    Optional<EntryKind> kind(ByteSequence key) {
        return EntryKind.ofKey(relative(key));
    }
}
