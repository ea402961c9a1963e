package io.matriarch.dcs.etcd;

import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A key as etcd holds it.
 *
 * @param text the value
 * @param revision the revision of the last write of this key
 * @param lease the lease that it is bound to, 0 for none
 */
record Stored(String text, long revision, long lease) {
    static Stored of(KeyValue kv) {
        return new Stored(
                kv.getValue().toString(StandardCharsets.UTF_8), kv.getModRevision(), kv.getLease());
    }

    static Optional<Stored> first(GetResponse answer) {
        return answer.getKvs().stream().findFirst().map(Stored::of);
    }

    /** The key that the branch of a refused transaction fetched. */
    static Optional<Stored> first(List<GetResponse> answers) {
        return answers.stream().findFirst().flatMap(Stored::first);
    }

    Entry entry(EntryKind kind) {
        return new Entry(
                kind,
                text,
                version(revision),
                lease == 0 ? Optional.empty() : Optional.of(Long.toHexString(lease)));
    }

    static Version version(long revision) {
        return new Version(Long.toString(revision));
    }
}
