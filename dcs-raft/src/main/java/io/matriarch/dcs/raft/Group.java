package io.matriarch.dcs.raft;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** The names under which members know each other. */
final class Group {
    static final RaftGroupId ID =
            RaftGroupId.valueOf(
                    UUID.nameUUIDFromBytes("matriarch".getBytes(StandardCharsets.UTF_8)));

    private Group() {}

    /** A member is named by its address, in a form that file names can hold. */
    static RaftPeerId id(Address address) {
        return RaftPeerId.valueOf(address.toString().replaceAll("[^A-Za-z0-9.]", "_"));
    }

    static RaftPeer peer(Address address) {
        return RaftPeer.newBuilder().setId(id(address)).setAddress(address.toString()).build();
    }

    static RaftGroup of(Collection<Address> members) {
        return RaftGroup.valueOf(ID, members.stream().map(Group::peer).toList());
    }
}
