package dev.holdfast.testkit;

final class OutageTest extends OutageScenes {}
