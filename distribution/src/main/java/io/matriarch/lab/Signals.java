package io.matriarch.lab;

import java.io.IOException;

/** Signals that the JDK cannot send. */
public final class Signals {
    private Signals() {}

    /** The process stands still until {@link #thaw}. */
    public static void freeze(long pid) throws LabException {
        send("STOP", pid);
    }

    public static void thaw(long pid) throws LabException {
        send("CONT", pid);
    }

    /** kill -9. */
    public static void kill(long pid) throws LabException {
        send("KILL", pid);
    }

    private static void send(String signal, long pid) throws LabException {
        try {
            Process kill =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                            .redirectErrorStream(true)
                            .start();
            String said = new String(kill.getInputStream().readAllBytes());
            if (kill.waitFor() != 0) {
                throw new LabException("cannot send " + signal + " to " + pid + ": " + said.trim());
            }
        } catch (IOException e) {
            throw new LabException("cannot send " + signal + " to " + pid + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while sending " + signal + " to " + pid, e);
        }
    }
}
