package io.matriarch.dcs.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * What the library is told. Its own defaults are made for many gigabytes and many groups; a log
 * entry of this store is a hundred bytes, a few times a second.
 */
final class MemberProperties {
    private static final int SNAPSHOT_ENTRIES = 8192;
    private static final int SNAPSHOTS_KEPT = 2;

    /** The library closes itself after a pause of a minute: who thaws shall go on. */
    private static final TimeDuration NEVER = TimeDuration.valueOf(3650, TimeUnit.DAYS);

    private MemberProperties() {}

    static RaftProperties of(RaftSettings settings, Path folder) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(folder.toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(properties, folder.resolve("removed").toFile());
        RaftServerConfigKeys.setCloseThreshold(properties, NEVER);
        network(properties, settings);
        elections(properties, settings);
        log(properties);
        return properties;
    }

    private static void network(RaftProperties properties, RaftSettings settings) {
        GrpcConfigKeys.setUseEpoll(properties, false);
        GrpcConfigKeys.Server.setHost(properties, settings.bind().host());
        GrpcConfigKeys.Server.setPort(properties, settings.bind().port());
        GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
        GrpcConfigKeys.Server.setWorkerGroupSize(properties, 2);
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, time(settings.connectionTimeout()));
    }

    private static void elections(RaftProperties properties, RaftSettings settings) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(settings.electionMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(settings.electionMax()));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // For this long one that lost its followers does not stand, though it may be the only one
        // with the whole log; and one that was paused for longer steps down.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, time(settings.electionMax()));
        // Requests are told apart in the state itself, so the library need not remember them.
        RaftServerConfigKeys.RetryCache.setExpiryTime(
                properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties properties) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("4MB"));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("16KB"));
        // Each entry is followed by one about it; without these a change of the members may hang.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, true);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("2MB"));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("8MB"));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
                properties, SizeInBytes.valueOf("1536KB"));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(
                properties, SizeInBytes.valueOf("1MB"));
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, SNAPSHOT_ENTRIES);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, SNAPSHOTS_KEPT);
    }

    private static TimeDuration time(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
