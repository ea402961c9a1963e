package io.matriarch.dcs.kubernetes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest state of the scope's objects that this instance read or wrote. A guess at what a write
 * will meet, which its resourceVersion proves or refutes; never the answer to a read. Thread-safe.
 */
final class Known {
    private final Map<String, StoredObject> objects = new HashMap<>();

    synchronized void saw(StoredObject object) {
        objects.merge(
                object.name(),
                object,
                (before, now) -> now.version() >= before.version() ? now : before);
    }

    /** All objects of the scope at one moment; what is missing was removed. */
    synchronized void sawAll(List<StoredObject> all, long version) {
        objects.values().removeIf(object -> object.version() <= version);
        all.forEach(this::saw);
    }

    synchronized Optional<StoredObject> object(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    /** The resourceVersion of the object that changed last. */
    synchronized long newest() {
        return objects.values().stream().mapToLong(StoredObject::version).max().orElse(0);
    }

    synchronized void forget(String name) {
        objects.remove(name);
    }
}
