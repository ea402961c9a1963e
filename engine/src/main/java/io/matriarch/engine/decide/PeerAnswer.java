package io.matriarch.engine.decide;

import io.matriarch.engine.model.PeerStatus;
import java.util.Optional;

/**
 * What a peer said when it was last asked.
 *
 * @param askedAt monotonic nanoseconds
 * @param pending the answer is still awaited
 * @param status empty while pending, and when the peer could not be reached
 */
public record PeerAnswer(long askedAt, boolean pending, Optional<PeerStatus> status) {}
