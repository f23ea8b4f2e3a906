internal import CLinux

extension WaitPoint {
    /// Edge-triggered, both directions at once: one epoll_ctl in the life of a connection.
    static let edges = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
}
