package io.matriarch.conformance;

/**
 * A store whose member records stay, and whose author declares it; run by {@link NotKeptTest} only.
 */
class StayingRecordsKit extends BrokenStoreKit {
    @Override
    protected boolean memberRecordsStay() {
        return true;
    }
}
