package io.matriarch.benchmark.measuring;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import java.util.Optional;

/**
 * Whether a cluster is whole, as PostgreSQL itself tells. What members write to the store may be
 * old by a loop, and products differ in the words of it.
 */
public final class Health {
    private final Lab lab;

    public Health(Lab lab) {
        this.lab = lab;
    }

    /** The primary, if the store names one and every other member streams from it. */
    public Optional<String> leaderOfWhole() throws LabException, InterruptedException {
        ClusterPicture picture = lab.picture();
        Optional<String> leader = picture.leader();
        if (leader.isEmpty() || picture.rows().size() != lab.members().size()) {
            return Optional.empty();
        }
        int others = lab.members().size() - 1;
        return lab.standbysOf(leader.get()) == others ? leader : Optional.empty();
    }
}
