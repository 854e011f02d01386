package dev.holdfast.testkit;

final class CheckpointsTest extends CheckpointsScenes {}
