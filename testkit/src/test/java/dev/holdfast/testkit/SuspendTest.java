package dev.holdfast.testkit;

final class SuspendTest extends SuspendScenes {}
