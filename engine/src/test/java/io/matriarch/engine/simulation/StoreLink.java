package io.matriarch.engine.simulation;

/** What lies between one machine and the store. */
final class StoreLink {
    private boolean requestsPass = true;
    private boolean repliesPass = true;
    private boolean refuses;
    private boolean slow;
    private double lossRate;

    /** Requests, and with them everything, vanish. */
    void cutRequests() {
        requestsPass = false;
    }

    /** Requests arrive and take effect; their replies vanish. */
    void cutReplies() {
        repliesPass = false;
    }

    /** Connections are refused at once. */
    void refuse() {
        refuses = true;
    }

    void slowDown() {
        slow = true;
    }

    /** Replies are lost at this rate. */
    void lose(double rate) {
        lossRate = rate;
    }

    void mend() {
        requestsPass = true;
        repliesPass = true;
        refuses = false;
        slow = false;
        lossRate = 0;
    }

    boolean requestsPass() {
        return requestsPass && !refuses;
    }

    boolean repliesPass() {
        return repliesPass;
    }

    boolean refuses() {
        return refuses;
    }

    boolean isSlow() {
        return slow;
    }

    double lossRate() {
        return lossRate;
    }

    /** A watch can live on it. */
    boolean isWhole() {
        return requestsPass && repliesPass && !refuses;
    }
}
