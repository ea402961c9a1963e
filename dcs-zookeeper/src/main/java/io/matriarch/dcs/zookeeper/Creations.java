package io.matriarch.dcs.zookeeper;

import java.util.List;
import java.util.Locale;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * A condition for a transaction: in one folder no znode was created since the folder was read. What
 * was read of its znodes afterwards is then still the same znode, or gone.
 *
 * <p>ZooKeeper's own comparison does not tell that. It knows the count of writes only, and a znode
 * that was deleted and created anew by another member has the count of the old one: zero, as every
 * ephemeral one of ours and of the peer. Nor does a second znode of the same session help, because
 * each one that could be looked for can be created anew as well, and a request may arrive late:
 * after the session that it wants to replace, or after the process that sent it.
 *
 * <p>But sequential znodes are numbered by the count of all znodes that were ever created in their
 * folder, and that never goes back while the folder exists. Two operations make it a comparison:
 * create a sequential znode, and delete the one that has the number which is next according to what
 * was read. If another creation came in between there is no such znode, and the transaction fails
 * as a whole; otherwise it leaves nothing, and nobody sees the znode.
 *
 * @param folder the path of the folder
 * @param count how many znodes were created in it until it was read
 */
record Creations(String folder, int count) {
    /** Not a name that a member of either kind looks for. */
    private static final String PROBE = "/unchanged-";

    static Creations of(String folder, Stat stat) {
        // What is told are the creations and the deletions; a znode that is there was not deleted.
        return new Creations(folder, (stat.getCversion() + stat.getNumChildren()) / 2);
    }

    /** Operations that fail, with NONODE, if a znode was created since. They come first. */
    List<Op> unchanged(List<ACL> acl) {
        String prefix = folder + PROBE;
        return List.of(
                Op.create(prefix, new byte[0], acl, CreateMode.PERSISTENT_SEQUENTIAL),
                Op.delete(prefix + String.format(Locale.ROOT, "%010d", count), 0));
    }
}
