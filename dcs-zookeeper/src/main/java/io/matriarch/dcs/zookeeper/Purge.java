package io.matriarch.dcs.zookeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/** Removes a folder with all that is below it, in few requests, the deepest znodes first. */
final class Purge {
    /** Deletions of one request, which must stay below a megabyte. */
    private static final int BATCH = 500;

    private boolean wrote;

    boolean wrote() {
        return wrote;
    }

    /** Looks and deletes until nothing is left, because members may write meanwhile. */
    boolean round(Calls.Round round, String folder) {
        while (true) {
            List<String> found = below(round, folder);
            if (found.isEmpty()) {
                return true;
            }
            for (int from = 0; from < found.size(); from += BATCH) {
                List<Op> deletions =
                        found.subList(from, Math.min(found.size(), from + BATCH)).stream()
                                .map(path -> Op.delete(path, -1))
                                .toList();
                wrote = true;
                Answer<List<OpResult>> answer = round.answer(round.live().multi(deletions));
                if (!answer.ok()) {
                    // Somebody was faster with one of them, or has added another.
                    break;
                }
            }
        }
    }

    private static List<String> below(Calls.Round round, String folder) {
        List<String> all = new ArrayList<>();
        collect(round, folder, all);
        return all;
    }

    private static void collect(Calls.Round round, String path, List<String> all) {
        Optional<List<String>> children = children(round, path);
        if (children.isEmpty()) {
            return;
        }
        children.get().forEach(child -> collect(round, path + "/" + child, all));
        all.add(path);
    }

    private static Optional<List<String>> children(Calls.Round round, String path) {
        Answer<List<String>> answer = round.answer(round.live().children(path));
        return answer.is(Code.NONODE) ? Optional.empty() : Optional.of(answer.value());
    }
}
