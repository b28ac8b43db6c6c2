from workers import DurableObject


class Room(DurableObject):
    pass
