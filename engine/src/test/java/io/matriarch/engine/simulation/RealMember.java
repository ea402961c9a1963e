package io.matriarch.engine.simulation;

import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.shell.HaMember;
import io.matriarch.spi.EntryKind;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The shell that the product runs. */
final class RealMember implements ManagedMember {
    static final ManagedMember.Factory FACTORY =
            (options, scheduler, store, postgres, peers) ->
                    new RealMember(new HaMember(options, scheduler, store, postgres, peers));

    private final HaMember member;

    private RealMember(HaMember member) {
        this.member = member;
    }

    @Override
    public void start() {
        member.start();
    }

    @Override
    public CompletionStage<?> ended() {
        return member.ended();
    }

    @Override
    public Optional<MemberControl> control() {
        return Optional.of(member);
    }

    @Override
    public void storeChanged(Set<EntryKind> hint) {
        member.changed(hint);
    }

    @Override
    public void postgresChanged(String why) {
        member.changed(why);
    }
}
