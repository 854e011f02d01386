package dev.holdfast.testkit;

final class TruthTest extends TruthScenes {}
