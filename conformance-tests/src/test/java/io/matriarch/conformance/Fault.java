package io.matriarch.conformance;

import io.matriarch.conformance.Wrapped.Sound;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a fault is.
 *
 * @param rule the id of the rule that it breaks; what follows from that is in {@link Entailed}
 * @param client opens a client that has the fault
 */
record Fault(String rule, Function<Site, Dcs> client) {
    static Breaking breaking(String rule) {
        return new Breaking(rule);
    }

    /** Makes faults that break this rule: most by one call that goes wrong. */
    record Breaking(String rule) {
        Fault at(Function<Site, Dcs> client) {
            return new Fault(rule, client);
        }

        Fault client(Function<Sound, Dcs> client) {
            return at(site -> client.apply(site.open()));
        }

        Fault listener(BiFunction<DcsListener, MemoryStore, DcsListener> faulty) {
            return at(site -> new Wrapped(site.open(faulty.apply(site.listener(), site.store()))));
        }

        Fault traits(BiFunction<Sound, DcsTraits, DcsTraits> faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public DcsTraits traits() {
                                    return faulty.apply(sound, super.traits());
                                }
                            });
        }

        Fault read(Read faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public Snapshot read(Scope scope, Deadline deadline) {
                                    return faulty.read(sound, scope, deadline);
                                }
                            });
        }

        Fault acquire(Acquire faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
                                    return faulty.acquire(sound, judged, deadline);
                                }
                            });
        }

        Fault renew(Renew faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public Outcome<Lease> renew(
                                        Snapshot seen, LeaderUpdate update, Deadline deadline) {
                                    return faulty.renew(sound, seen, update, deadline);
                                }
                            });
        }

        Fault release(Release faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public Outcome<Outcome.Done> release(
                                        Lease lease,
                                        Optional<Value> lastStatus,
                                        Deadline deadline) {
                                    return faulty.release(sound, lease, lastStatus, deadline);
                                }
                            });
        }

        Fault touch(Touch faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public Outcome<Outcome.Done> touch(
                                        MemberEntry me, Deadline deadline) {
                                    return faulty.touch(sound, me, deadline);
                                }
                            });
        }

        Fault write(Write faulty) {
            return client(
                    sound ->
                            new Wrapped(sound) {
                                @Override
                                public Outcome<Version> write(
                                        EntryKind kind,
                                        Optional<Value> value,
                                        Guard guard,
                                        Deadline deadline) {
                                    return faulty.write(sound, kind, value, guard, deadline);
                                }
                            });
        }
    }

    interface Read {
        Snapshot read(Sound sound, Scope scope, Deadline deadline);
    }

    interface Acquire {
        Outcome<Lease> acquire(Sound sound, Snapshot judged, Deadline deadline);
    }

    interface Renew {
        Outcome<Lease> renew(Sound sound, Snapshot seen, LeaderUpdate update, Deadline deadline);
    }

    interface Release {
        Outcome<Outcome.Done> release(
                Sound sound, Lease lease, Optional<Value> lastStatus, Deadline deadline);
    }

    interface Touch {
        Outcome<Outcome.Done> touch(Sound sound, MemberEntry me, Deadline deadline);
    }

    interface Write {
        Outcome<Version> write(
                Sound sound, EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline);
    }
}
