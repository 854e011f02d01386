package dev.holdfast.testkit;

final class SharedPermitsTest extends SharedPermitsScenes {}
