package dev.holdfast.testkit;

final class EngineTest extends EngineScenes {}
