package io.matriarch.planted.dcs.etcd;

/** Something that nobody else may know. */
public record Backend(String url) {}
