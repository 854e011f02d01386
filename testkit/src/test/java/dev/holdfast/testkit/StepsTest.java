package dev.holdfast.testkit;

final class StepsTest extends StepsScenes {}
