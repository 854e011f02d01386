package dev.holdfast.testkit;

final class MonitorTest extends MonitorScenes {}
