package io.matriarch.dcs.raft.machine;

import java.util.ArrayList;
import java.util.List;

/** Replies as they go over the wire and into snapshots. */
public final class ReplyCodec {
    private ReplyCodec() {}

    /** The bytes of a reply. */
    public static byte[] encode(Reply reply) {
        Out out = new Out();
        if (reply instanceof Reply.View view) {
            out.tag(1).number(view.now()).size(view.entries().size());
            for (Reply.Found found : view.entries()) {
                out.text(found.key()).text(found.text());
                out.number(found.version()).number(found.session());
            }
        } else if (reply instanceof Reply.Granted granted) {
            out.tag(2).number(granted.epoch()).number(granted.version());
        } else if (reply instanceof Reply.Done done) {
            out.tag(3).number(done.version());
        } else if (reply instanceof Reply.Refused refused) {
            out.tag(4).tag(refused.reason().ordinal()).text(refused.detail());
        } else if (reply instanceof Reply.Count count) {
            out.tag(5).number(count.number());
        }
        return out.bytes();
    }

    /**
     * Reads a reply.
     *
     * @throws IllegalArgumentException if it is none that this version knows
     */
    public static Reply decode(byte[] bytes) {
        return In.read(bytes, ReplyCodec::reply);
    }

    private static Reply reply(In in) {
        int tag = in.tag();
        return switch (tag) {
            case 1 -> view(in);
            case 2 -> new Reply.Granted(in.number(), in.number());
            case 3 -> new Reply.Done(in.number());
            case 4 -> new Reply.Refused(reason(in.tag()), in.text());
            case 5 -> new Reply.Count((int) in.number());
            default -> throw In.unknown("reply", tag);
        };
    }

    private static Reply.Reason reason(int tag) {
        Reply.Reason[] reasons = Reply.Reason.values();
        if (tag < 0 || tag >= reasons.length) {
            throw In.unknown("refusal", tag);
        }
        return reasons[tag];
    }

    private static Reply view(In in) {
        long now = in.number();
        int count = in.size();
        List<Reply.Found> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(new Reply.Found(in.text(), in.text(), in.number(), in.number()));
        }
        return new Reply.View(now, found);
    }
}
