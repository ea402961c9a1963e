package io.matriarch.planted.engine.codec;

/** Breaks: no dumping grounds. */
final class JsonUtils {}
