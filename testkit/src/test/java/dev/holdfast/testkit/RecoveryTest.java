package dev.holdfast.testkit;

final class RecoveryTest extends RecoveryScenes {}
