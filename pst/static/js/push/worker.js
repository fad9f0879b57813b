/* Shows that something came, also when no page is open. It keeps nothing and fetches nothing. */

self.addEventListener("push", (event) => {
  const notice = event.data ? event.data.json() : null;
  if (!notice) return;
  event.waitUntil(
    self.registration.showNotification(notice.title, {
      body: notice.body,
      tag: notice.url,
      data: notice.url,
      icon: notice.icon,
      lang: "id",
    }),
  );
});

async function open(url) {
  const address = new URL(url, self.location.origin);
  if (address.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const opened = pages.find((each) => new URL(each.url).pathname === address.pathname);
  if (opened) await opened.focus();
  else await self.clients.openWindow(address.href);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
