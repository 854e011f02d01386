package dev.holdfast.testkit;

final class LinesTest extends LinesScenes {}
