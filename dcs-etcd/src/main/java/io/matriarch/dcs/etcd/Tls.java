package io.matriarch.dcs.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.matriarch.spi.DcsException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS from PEM files. The files are read for each new set of connections, so that rotated
 * certificates need no restart. Not thread-safe: {@link Connections} guards it.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private final EtcdSettings.TlsFiles files;
    private List<FileTime> read = List.of();

    Tls(EtcdSettings.TlsFiles files) {
        this.files = files;
        if (files.authority().isEmpty() && files.certificate().isPresent()) {
            LOG.warn("cacert is not set, so the certificate of etcd is not verified");
        }
    }

    /** Whether a file was replaced since {@link #context} read it. */
    boolean changed() {
        return !read.isEmpty() && !read.equals(times());
    }

    SslContext context() {
        read = times();
        SslContextBuilder builder = GrpcSslContexts.forClient();
        try {
            if (files.authority().isPresent()) {
                X509Certificate[] trusted =
                        Pem.certificates(files.authority().get()).toArray(X509Certificate[]::new);
                builder.trustManager(trusted);
            } else {
                builder.trustManager(new TrustEveryone());
            }
            if (files.certificate().isPresent()) {
                Path certificate = files.certificate().get();
                builder.keyManager(
                        Pem.key(files.key().orElse(certificate)), Pem.certificates(certificate));
            }
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw unusable(files.certificate().or(files::authority).map(Path::toString), e);
        } catch (IOException e) {
            throw unusable(Optional.ofNullable(e.getMessage()), e);
        } catch (GeneralSecurityException e) {
            throw unusable(files.certificate().or(files::authority).map(Path::toString), e);
        }
    }

    private static DcsException.Misconfigured unusable(Optional<String> what, Exception cause) {
        return new DcsException.Misconfigured(
                "a file for TLS to etcd cannot be used ("
                        + what.orElse("cacert, cert or key")
                        + ": "
                        + cause.getMessage()
                        + "); correct cacert, cert or key, or the file",
                cause);
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        for (Path file :
                Stream.of(files.authority(), files.certificate(), files.key())
                        .flatMap(Optional::stream)
                        .toList()) {
            try {
                times.add(Files.getLastModifiedTime(file));
            } catch (IOException e) {
                // Being replaced, or missing: context() says so when it is needed.
                times.add(FileTime.fromMillis(0));
            }
        }
        return times;
    }
}
