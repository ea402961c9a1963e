package io.matriarch.dcs.raft.machine;

import io.matriarch.dcs.raft.machine.Command.Condition;

/** Requests as they stand in the log. The numbers are part of the format and never reused. */
public final class RequestCodec {
    private RequestCodec() {}

    /** The bytes of a log entry. */
    public static byte[] encode(Request request) {
        Out out = new Out();
        out.text(request.process()).number(request.sequence()).number(request.notAfter());
        command(out, request.command());
        return out.bytes();
    }

    private static void command(Out out, Command command) {
        if (command instanceof Command.Read read) {
            out.tag(1).text(read.path());
        } else if (command instanceof Command.Claim claim) {
            out.tag(2).text(claim.path()).text(claim.member()).number(claim.ttl());
            out.maybe(claim.status()).maybe(claim.failsafe());
        } else if (command instanceof Command.Release release) {
            out.tag(3).text(release.path()).text(release.member()).maybe(release.status());
        } else if (command instanceof Command.Touch touch) {
            out.tag(4).text(touch.path()).text(touch.member()).number(touch.ttl());
            out.text(touch.text());
        } else if (command instanceof Command.Put put) {
            out.tag(5).text(put.path()).text(put.key()).maybe(put.text());
            condition(out, put.condition());
        } else if (command instanceof Command.Purge purge) {
            out.tag(6).text(purge.path());
        } else if (command instanceof Command.Reign reign) {
            out.tag(7).number(reign.id());
        } else if (command instanceof Command.Tick tick) {
            out.tag(8).number(tick.reign()).number(tick.sequence()).number(tick.elapsed());
        } else if (command instanceof Command.EndSession end) {
            out.tag(9).number(end.session());
        } else {
            out.tag(10);
        }
    }

    private static void condition(Out out, Condition condition) {
        if (condition instanceof Condition.Unchanged unchanged) {
            out.tag(2).number(unchanged.version());
        } else {
            out.tag(condition instanceof Condition.Absent ? 1 : 0);
        }
    }

    /**
     * Reads a log entry.
     *
     * @throws IllegalArgumentException if it is none that this version knows
     */
    public static Request decode(byte[] bytes) {
        return In.read(bytes, in -> new Request(in.text(), in.number(), in.number(), command(in)));
    }

    private static Command command(In in) {
        int tag = in.tag();
        return switch (tag) {
            case 1 -> new Command.Read(in.text());
            case 2 -> new Command.Claim(in.text(), in.text(), in.number(), in.maybe(), in.maybe());
            case 3 -> new Command.Release(in.text(), in.text(), in.maybe());
            case 4 -> new Command.Touch(in.text(), in.text(), in.number(), in.text());
            case 5 -> new Command.Put(in.text(), in.text(), in.maybe(), condition(in));
            case 6 -> new Command.Purge(in.text());
            case 7 -> new Command.Reign(in.number());
            case 8 -> new Command.Tick(in.number(), in.number(), in.number());
            case 9 -> new Command.EndSession(in.number());
            case 10 -> new Command.CountSessions();
            default -> throw In.unknown("command", tag);
        };
    }

    private static Condition condition(In in) {
        int tag = in.tag();
        return switch (tag) {
            case 0 -> new Condition.Always();
            case 1 -> new Condition.Absent();
            case 2 -> new Condition.Unchanged(in.number());
            default -> throw In.unknown("condition", tag);
        };
    }
}
