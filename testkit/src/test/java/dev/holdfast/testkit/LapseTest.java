package dev.holdfast.testkit;

final class LapseTest extends LapseScenes {}
