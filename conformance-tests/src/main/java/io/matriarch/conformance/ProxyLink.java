package io.matriarch.conformance;

import io.matriarch.conformance.proxy.FaultProxy;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.List;

/** A link made of one fault proxy before each server. */
final class ProxyLink implements Link {
    private final List<FaultProxy> proxies;
    private final Section section;

    ProxyLink(List<FaultProxy> proxies, Section section) {
        this.proxies = proxies;
        this.section = section;
    }

    @Override
    public Section section() {
        return section;
    }

    @Override
    public void blackHole() {
        proxies.forEach(FaultProxy::blackHole);
    }

    @Override
    public void dropReplies() {
        proxies.forEach(FaultProxy::dropReplies);
    }

    @Override
    public void cut() {
        proxies.forEach(FaultProxy::cut);
    }

    @Override
    public void dropRequests() {
        proxies.forEach(FaultProxy::dropRequests);
    }

    @Override
    public void halfOpen() {
        proxies.forEach(FaultProxy::halfOpen);
    }

    @Override
    public void reset() {
        proxies.forEach(FaultProxy::heal);
        proxies.forEach(FaultProxy::reset);
    }

    @Override
    public void delayReplies(Duration delay) {
        proxies.forEach(proxy -> proxy.delayReplies(delay));
    }

    @Override
    public void trickleReplies() {
        proxies.forEach(FaultProxy::trickleReplies);
    }

    @Override
    public void heal() {
        proxies.forEach(FaultProxy::heal);
    }

    @Override
    public void close() {
        proxies.forEach(FaultProxy::close);
    }
}
