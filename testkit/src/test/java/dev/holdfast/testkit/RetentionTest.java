package dev.holdfast.testkit;

final class RetentionTest extends RetentionScenes {}
