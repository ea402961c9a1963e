package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import java.util.ArrayList;
import java.util.List;

/** The znodes of one scope. */
final class Paths {
    private final String base;

    Paths(Scope scope) {
        this.base = scope.path();
    }

    String base() {
        return base;
    }

    String of(EntryKind kind) {
        return base + "/" + kind.key();
    }

    String members() {
        return base + "/members";
    }

    String member(String name) {
        return members() + "/" + name;
    }

    /** Every folder above a znode, the outermost first, the root left out. */
    static List<String> above(String path) {
        List<String> folders = new ArrayList<>();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            folders.add(path.substring(0, slash));
        }
        return folders;
    }
}
