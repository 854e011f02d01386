package dev.holdfast.testkit;

final class CutOffTest extends CutOffScenes {}
