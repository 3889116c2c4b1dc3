"""The class of the workload of instances; a module of its own, so that its name in the pickle is a short one."""


class Point:
    def __init__(self, x, y, label):
        self.x = x
        self.y = y
        self.label = label

    def __eq__(self, other):
        return type(other) is Point and self.__dict__ == other.__dict__
