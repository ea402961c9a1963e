package io.matriarch.dcs.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.matriarch.spi.Deadline;
import java.util.List;

/** The few requests that everything is made of. Reads are linearizable. */
final class Store {
    private final Calls calls;

    Store(Calls calls) {
        this.calls = calls;
    }

    GetResponse get(ByteSequence key, String what, Deadline deadline) {
        return calls.call(
                what, Calls.Repeat.READ, deadline, client -> client.getKVClient().get(key));
    }

    GetResponse range(ByteSequence prefix, String what, Deadline deadline) {
        GetOption option = GetOption.builder().isPrefix(true).build();
        return calls.call(
                what,
                Calls.Repeat.READ,
                deadline,
                client -> client.getKVClient().get(prefix, option));
    }

    TxnResponse txn(
            String what,
            Calls.Repeat repeat,
            Deadline deadline,
            List<Cmp> conditions,
            List<Op> then,
            List<Op> otherwise) {
        return calls.call(
                what,
                repeat,
                deadline,
                client ->
                        client.getKVClient()
                                .txn()
                                .If(conditions.toArray(Cmp[]::new))
                                .Then(then.toArray(Op[]::new))
                                .Else(otherwise.toArray(Op[]::new))
                                .commit());
    }

    static Cmp absent(ByteSequence key) {
        return new Cmp(key, Cmp.Op.EQUAL, CmpTarget.createRevision(0));
    }

    static Cmp unchanged(ByteSequence key, long revision) {
        return new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision));
    }

    static Cmp holds(ByteSequence key, String text) {
        return new Cmp(key, Cmp.Op.EQUAL, CmpTarget.value(Connections.bytes(text)));
    }

    static Op put(ByteSequence key, String text) {
        return Op.put(key, Connections.bytes(text), PutOption.DEFAULT);
    }

    static Op put(ByteSequence key, String text, long lease) {
        return Op.put(key, Connections.bytes(text), PutOption.builder().withLeaseId(lease).build());
    }

    static Op fetch(ByteSequence key) {
        return Op.get(key, GetOption.DEFAULT);
    }

    static Op delete(ByteSequence key) {
        return Op.delete(key, DeleteOption.DEFAULT);
    }
}
