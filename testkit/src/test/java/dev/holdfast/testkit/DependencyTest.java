package dev.holdfast.testkit;

final class DependencyTest extends DependencyScenes {}
