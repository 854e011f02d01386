package dev.holdfast.testkit;

final class SchedulesTest extends SchedulesScenes {}
