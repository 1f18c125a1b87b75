"""Public mailbox providers: which domains are theirs, and how many spellings of an address lead to one mailbox there.

A rule stands here only where a source says so; without one two spellings stay two mailboxes.
"""

from collections.abc import Mapping

SAME_AS: Mapping[str, str] = {
    "googlemail.com": "gmail.com",  # the same provider under its older name in Germany and Britain
    "me.com": "icloud.com",  # support.apple.com/118230: older accounts have two or all three
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",  # proton.me/support/addresses-and-aliases: free addresses come in each of them
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
}
"""Domains whose addresses lead to the mailbox of the same name at another domain of the provider."""

IGNORED: Mapping[str, str] = {
    "gmail.com": ".",  # support.google.com/mail/answer/7436150: "Dots don't matter in Gmail addresses"
    "proton.me": ".-_",  # sindastra.de/p/1775: seen by a user, and confirmed there by the provider
}
"""Characters of a local part that a provider does not look at."""

HYPHEN_TAGS = ("yahoo.", "ymail.com", "rocketmail.com")
"""Domains, or how they begin, where a tag follows a hyphen, which no name there has (Yahoo's disposable addresses)."""

HOST_IS_NAME = ("fastmail.com", "fastmail.fm")
"""Where anything@name.domain leads to name@domain (fastmail.help, "Plus addressing and subdomain addressing")."""

_EVERYWHERE = (
    "gmail.com icloud.com proton.me outlook.com hotmail.com live.com msn.com passport.com yahoo.com ymail.com"
    " rocketmail.com aol.com mail.com email.com gmx.com gmx.net zoho.com zohomail.com zohomail.eu fastmail.com"
    " fastmail.fm hushmail.com runbox.com hey.com duck.com tuta.com tuta.io tutanota.com tutamail.com keemail.me"
    " mailbox.org posteo.net posteo.eu disroot.org riseup.net yandex.com yandex.ru ya.ru mail.ru bk.ru list.ru"
    " inbox.ru qq.com 163.com 126.com foxmail.com naver.com"
)
_BELGIUM = (
    "telenet.be pandora.be skynet.be proximus.be belgacom.net scarlet.be scarlet.net voo.be brutele.be"
    " tvcablenet.be teledisnet.be newnet.be edpnet.be euphonynet.be swing.be orange.be mobistar.be numericable.be"
    " tiscali.be tiscalinet.be advalvas.be freegates.be win.be dommel.be mailfence.com hotmail.be live.be outlook.be"
    " yahoo.be gmx.be"
)
_NETHERLANDS = (
    "ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl xs4all.nl home.nl casema.nl chello.nl upcmail.nl quicknet.nl"
    " multiweb.nl telfort.nl telfortglasvezel.nl tele2.nl versatel.nl zonnet.nl online.nl wxs.nl freeler.nl 12move.nl"
    " tiscali.nl wanadoo.nl orange.nl solcon.nl solcon.net caiway.nl caiway.net kabelfoon.nl kabelfoon.net"
    " zeelandnet.nl delta.nl hccnet.nl concepts.nl ision.nl dds.nl euronet.nl tmobilethuis.nl odido.nl freedom.nl"
    " hotmail.nl live.nl outlook.nl yahoo.nl gmx.nl"
)
_FRANCE = (
    "orange.fr wanadoo.fr free.fr aliceadsl.fr libertysurf.fr sfr.fr neuf.fr cegetel.net club-internet.fr 9online.fr"
    " 9business.fr noos.fr numericable.fr numericable.com bbox.fr bouygtel.fr laposte.net voila.fr tiscali.fr"
    " nordnet.fr mailo.com mailo.fr netcourrier.com caramail.com caramail.fr dbmail.com hotmail.fr live.fr outlook.fr"
    " yahoo.fr gmx.fr aol.fr ymail.fr"
)
_NEIGHBOURS = (
    "pt.lu internet.lu vo.lu web.de gmx.de gmx.at gmx.ch t-online.de freenet.de arcor.de posteo.de tutanota.de"
    " yahoo.de hotmail.de live.de outlook.de aol.de bluewin.ch hotmail.co.uk live.co.uk yahoo.co.uk outlook.co.uk"
    " btinternet.com sky.com virginmedia.com hotmail.it live.it yahoo.it libero.it virgilio.it tiscali.it alice.it"
    " hotmail.es outlook.es yahoo.es wp.pl onet.pl o2.pl interia.pl seznam.cz"
)

PUBLIC = frozenset(" ".join((_EVERYWHERE, _BELGIUM, _NETHERLANDS, _FRANCE, _NEIGHBOURS)).split())
"""Domains under which strangers to each other have their mailboxes: many mails to one of them mean nothing."""

_COUNTRIES: Mapping[str, str] = {
    "hotmail": "be ca ch cl co.il co.jp co.kr co.nz co.th co.uk co.za com com.ar com.au com.br com.tr cz de dk es fi fr"
    " gr hu it lt lv my nl no ph rs se sg sk",
    "outlook": "at be cl co co.id co.il co.nz co.th co.uk com com.ar com.au com.br com.gr com.pe com.tr com.vn cz de dk"
    " ec es fr hu ie in it jp kr lv my nl ph pt sa sg sk",
    "live": "at be ca ch cl cn co.kr co.uk co.za com com.ar com.au com.mx com.my com.pt com.sg de dk fi fr hk ie in it"
    " jp nl no ru se",
    "yahoo": "at be bg ca ch cl cn co.id co.il co.in co.jp co.kr co.nz co.th co.uk co.za com com.ar com.au com.br"
    " com.co com.hk com.mx com.my com.pe com.ph com.sg com.tr com.tw com.ua com.ve com.vn cz de dk ee es fi fr gr hr hu"
    " ie in it lt lv nl no pl pt ro rs se si sk",
    "gmx": "at be biz ch co.uk com cc de dk es eu fr info it li net nl org pt ru se us",
}
REAL = PUBLIC | SAME_AS.keys() | {f"{name}.{end}" for name, ends in _COUNTRIES.items() for end in ends.split()}
"""Domains of providers, under which an address is most probably written as it was meant."""

_MOST_USED = (
    "gmail.com hotmail.com outlook.com yahoo.com icloud.com live.com hotmail.be telenet.be skynet.be outlook.be"
    " proximus.be live.be scarlet.be yahoo.fr hotmail.fr orange.fr wanadoo.fr free.fr sfr.fr laposte.net outlook.fr"
    " live.fr neuf.fr bbox.fr hotmail.nl live.nl outlook.nl ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl xs4all.nl"
    " chello.nl upcmail.nl casema.nl pt.lu proton.me protonmail.com"
)
WELL_KNOWN = tuple(_MOST_USED.split())
"""Domains that many people here have their address under, those that most have first."""

ONLY_COM = frozenset({"gmail", "icloud"})
"""Providers whose addresses end in .com in every country."""
